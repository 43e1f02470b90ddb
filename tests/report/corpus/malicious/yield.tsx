export default function Report({ data }) {
  const x = function* () { yield 1; };
  return <p>{data.title}</p>;
}
