export default function Report({ data }) {
  const share = "73 of 100 people";
  return <p>{share}</p>;
}
