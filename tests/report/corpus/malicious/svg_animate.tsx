export default function Report({ data }) {
  return <svg><animate attributeName="href" values="x" /></svg>;
}
