export default function Report({ data }) {
  const x = EventSource;
  return <p>{data.title}</p>;
}
