export default function Report({ data }) {
  const colours = ["#264653", "#2a9d8f", "#e9c46a"];
  return (
    <div>{data.statuses.map((s, i) => <span key={i} style={{ color: colours[i % 3] }}>{s.value}</span>)}</div>
  );
}
