export default function Report({ data }) {
  const x = \u0065val("1");
  return <p>{data.title}</p>;
}
