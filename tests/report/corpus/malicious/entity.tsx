export default function Report({ data }) {
  return <p>&#60;script&#62;</p>;
}
