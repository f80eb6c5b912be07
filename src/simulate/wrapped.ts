/** A BoolValue: what it says, and what is meant where there is none. One that says false may have no member at all. */
export function wrappedBool(wrapper: { readonly value?: boolean } | null | undefined, absent: boolean): boolean {
  return wrapper ? wrapper.value === true : absent;
}
