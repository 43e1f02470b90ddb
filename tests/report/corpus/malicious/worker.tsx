export default function Report({ data }) {
  const w = new Worker("data:text/javascript,postMessage(1)");
  return <p>{data.title}</p>;
}
