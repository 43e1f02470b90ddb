export default function Report({ data }) {
  return (
    <div>{data.fields.map((f) => f.median === null ? null : <p key={f.name}>{f.q1} to {f.q3}, median {f.median}</p>)}</div>
  );
}
