export default function Report({ data }) {
  return <p className="bg-[url(https://evil.example)]">x</p>;
}
