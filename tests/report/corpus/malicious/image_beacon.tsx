export default function Report({ data }) {
  const i = new Image();
  return <p>{data.title}</p>;
}
