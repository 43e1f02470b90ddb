export default function Report({ data }) {
  while (true) {}
  return <p>{data.title}</p>;
}
