export default function Report({ data }) {
  const p = new Proxy(data, data);
  return <p>{data.title}</p>;
}
