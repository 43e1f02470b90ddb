export default function Report({ data }) {
  return (
    <div>
      {data.statuses.map((s) => (
        <div key={s.value}>
          <span>{s.value}</span>
          <div style={{ height: 8, width: `${Math.round(100 * s.share)}%`, backgroundColor: "#4a7" }} />
        </div>
      ))}
    </div>
  );
}
