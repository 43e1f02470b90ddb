export default function Report({ data }) {
  const shown = data.title;
  return <svg><rect fill={"ur" + "l(htt" + "ps:/" + "/evil.example/x.svg#a)"} /></svg>;
}
