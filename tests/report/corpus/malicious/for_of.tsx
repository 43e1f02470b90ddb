export default function Report({ data }) {
  for (const f of data.fields) {}
  return <p>{data.title}</p>;
}
