export default function Report({ data }) {
  return <math><mtext>x</mtext></math>;
}
