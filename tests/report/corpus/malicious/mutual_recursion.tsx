export default function Report({ data }) {
  const ping = (n) => pong(n);
  const pong = (n) => ping(n);
  const x = ping(1);
  return <p>{data.title}</p>;
}
