export default function Report({ data }) {
  const x = eval("1");
  return <p>{data.title}</p>;
}
