export default function Report({ data }) {
  var x = 1;
  return <p>{data.title}</p>;
}
