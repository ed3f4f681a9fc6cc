//! Every instruction of the built program: what it does, and each way in which it refuses.

mod issue;
