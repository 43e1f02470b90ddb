export default function Report({ data }) {
  const t = setTimeout("alert(1)", 1);
  return <p>{data.title}</p>;
}
