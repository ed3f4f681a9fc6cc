/** A coin's milled edge, as it stands upright. */
export function Brand() {
  return (
    <span className="flex items-center gap-2.5">
      <svg viewBox="0 0 32 32" aria-hidden="true" className="size-8">
        <rect width="32" height="32" rx="7" className="fill-verdigris" />
        <g className="stroke-on-verdigris" strokeWidth="2" strokeLinecap="round">
          <path d="M6 13v6M10 9.500v13M14 7.500v17M18 7.500v17M22 9.500v13M26 13v6" />
        </g>
      </svg>
      <span className="figures text-[1.35rem] leading-none font-medium tracking-tight">Specie</span>
    </span>
  );
}
