export default function Report({ data }) {
  const most = Math.max(...data.fields.map((f) => f.n), 1);
  return (
    <svg viewBox="0 0 300 120">
      {data.fields.map((f, i) => (
        <g key={f.name} transform={`translate(${30 * i}, 0)`}>
          <rect x={0} y={100 - 100 * (f.n / most)} width={20} height={100 * (f.n / most)} fill={f.n > f.missing ? "#2a9d8f" : "#e76f51"} />
          <text x={10} y={115} fontSize={8} textAnchor="middle">{f.name}</text>
        </g>
      ))}
    </svg>
  );
}
