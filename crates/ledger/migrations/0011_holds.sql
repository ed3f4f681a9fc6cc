-- There are no more holds than requests being served, so reading them all is quick; what each costs is written twice for
-- every request, and an index as often.
DROP INDEX holds_by_owner;
DROP INDEX holds_by_voucher;
