export default function Report({ data }) {
  const f = (() => null).constructor("alert(1)");
  return <p>{data.title}</p>;
}
