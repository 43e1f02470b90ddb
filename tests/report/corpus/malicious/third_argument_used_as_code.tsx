export default function Report({ data }) {
  const x = data.fields.map(data.title);
  return <p>{data.title}</p>;
}
