export default function Report({ data }) {
  debugger;
  return <p>{data.title}</p>;
}
