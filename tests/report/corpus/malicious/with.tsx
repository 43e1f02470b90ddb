export default function Report({ data }) {
  with (data) { }
  return <p>{data.title}</p>;
}
