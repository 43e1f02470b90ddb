export default function Report({ data }) {
  const shown = data.title;
  return <svg><rect fill={data.fields.map((f) => "l(x.svg)").join("ur")} /></svg>;
}
