export default function Report({ data }) {
  data.title = "other";
  return <p>{data.title}</p>;
}
