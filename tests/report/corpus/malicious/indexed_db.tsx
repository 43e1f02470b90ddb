export default function Report({ data }) {
  const db = indexedDB.open("x");
  return <p>{data.title}</p>;
}
