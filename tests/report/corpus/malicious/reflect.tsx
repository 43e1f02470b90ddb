export default function Report({ data }) {
  const r = Reflect.construct(data, data);
  return <p>{data.title}</p>;
}
