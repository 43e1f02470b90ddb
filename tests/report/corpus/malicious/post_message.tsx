export default function Report({ data }) {
  parent.postMessage(data.title, "*");
  return <p>{data.title}</p>;
}
