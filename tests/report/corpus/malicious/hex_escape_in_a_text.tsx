export default function Report({ data }) {
  const x = "\x6aavascript";
  return <p>{data.title}</p>;
}
