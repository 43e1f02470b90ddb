export default function Report({ data }) {
  const part = "ur";
  return <svg><rect fill={`${part}l(x.svg#${1 + 1})`} /></svg>;
}
