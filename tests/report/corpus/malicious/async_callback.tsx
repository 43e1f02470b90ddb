export default function Report({ data }) {
  const x = data.fields.map(async (f) => f.n);
  return <p>{data.title}</p>;
}
