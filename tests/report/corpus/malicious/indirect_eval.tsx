export default function Report({ data }) {
  const x = (0, eval)("1");
  return <p>{data.title}</p>;
}
