export default function Report({ data }) {
  const c = document.cookie;
  return <p>{data.title}</p>;
}
