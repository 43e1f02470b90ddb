export default function Report({ data }) {
  const a = data.fields.map((f) => f.n);
  const b = a.map((x) => a);
  const c = b.map((x) => b);
  const d = c.map((x) => c);
  return <p>{d}</p>;
}
