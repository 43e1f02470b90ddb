export default function Report({ data }) {
  const x = \u{65}val("1");
  return <p>{data.title}</p>;
}
