export default function Report({ data }) {
  const x = data.fields.push(1);
  return <p>{data.title}</p>;
}
