/** By which column a list is ordered. */

export interface Order {
  code: string;
  descending: boolean;
}

/** A click on a header: ascending, then descending, then the list's own order again. */
export function nextOrder(order: Order | null, code: string): Order | null {
  if (order?.code !== code) return { code, descending: false };
  return order.descending ? null : { code, descending: true };
}

/** As the interface takes it: "-exam_date,id". The id makes the order total, as keyset pages need. */
export function orderParameter(order: Order | null): string | undefined {
  return order ? `${order.descending ? "-" : ""}${order.code},id` : undefined;
}
