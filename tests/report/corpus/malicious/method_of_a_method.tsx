export default function Report({ data }) {
  const f = data.fields.map.constructor;
  return <p>{data.title}</p>;
}
