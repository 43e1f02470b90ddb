export default function Report({ data }) {
  const x = new XMLHttpRequest();
  return <p>{data.title}</p>;
}
