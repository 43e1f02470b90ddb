export default function Report({ data }) {
  const token = localStorage.getItem("token");
  return <p>{data.title}</p>;
}
