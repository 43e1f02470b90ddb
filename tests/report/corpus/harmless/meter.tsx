export default function Report({ data }) {
  return (
    <div>
      {data.statuses.map((s) => <meter key={s.value} min={0} max={1} value={1 * s.share}>{s.value}</meter>)}
    </div>
  );
}
