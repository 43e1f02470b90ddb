export default function Report({ data }) {
  const p = data.__proto__;
  return <p>{data.title}</p>;
}
