export default function Report({ data }) {
  return (
    <ul>{data.fields.filter((f) => f.missing > 0).map((f) => <li key={f.name}>{f.name}: {f.missing} of {data.interviews} missing</li>)}</ul>
  );
}
