export default function Report({ data }) {
  const f = data.fields.map.call(data, data);
  return <p>{data.title}</p>;
}
