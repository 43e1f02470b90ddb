export default function Report({ data }) {
  function Row({ label, value = 0 }) {
    return <p><b>{label}</b>: {value}</p>;
  }
  return (
    <div>{data.fields.map((f) => <Row key={f.name} label={f.name} value={f.n} />)}</div>
  );
}
