import {
  addDays,
  type Day,
  daysBetween,
  earlier,
  workdayAfter,
  workdayBefore,
} from './calendar.ts';
import type { Item } from './catalogue.ts';
import type { Chance } from './chance.ts';
import type { Customer, Line, Order, OrderStatus, Shipment } from './model.ts';
import { type Cents, taxOn } from './money.ts';
import { isStuck } from './parcel-events.ts';
import { trackingDigits, trackingNumber } from './tracking.ts';

/** What decides an order; all else about it follows from these and from chance. */
export interface Wish {
  customer: Customer;
  /** How many days ago it was placed. */
  age: number;
  status: OrderStatus;
  lines?: number;
  /** How many days ago it was cancelled, or (status shipped) handed to the carrier. */
  eventAge?: number;
}

function quantity(item: Item, random: Chance): number {
  if (item.price < 250) return random.between(4, 40) * 25;
  if (item.price < 1500) return random.between(2, 15) * 10;
  if (item.price < 6000) return random.between(2, 16) * 2;
  if (item.price < 20000) return random.between(1, 8);
  return random.between(1, 3);
}

function orderLine(item: Item, number: number, customer: Customer, random: Chance): Line {
  const count = quantity(item, random);
  const unitPrice = Math.max(1, Math.round(item.price * customer.priceFactor));
  return { number, item, quantity: count, unitPrice, total: count * unitPrice };
}

/** Grams of the goods alone. */
export function netGrams(lines: readonly Line[]): number {
  return lines.reduce((grams, line) => grams + line.quantity * line.item.grams, 0);
}

function freight(lines: readonly Line[], customer: Customer): Cents {
  const usd = 1450 + (netGrams(lines) / 1000) * 62;
  return Math.round((usd * customer.priceFactor) / 50) * 50;
}

/** The same order with these lines and this freight, its totals made to fit. */
export function withLines(order: Order, lines: readonly Line[], shipping = order.shipping): Order {
  const subtotal = lines.reduce((sum, line) => sum + line.total, 0);
  const tax = taxOn(subtotal + shipping, order.customer.tax.rate);
  return { ...order, lines, subtotal, shipping, tax, total: subtotal + shipping + tax };
}

/** Hands the order to a carrier on `shipped`; `today`: it is under way until tomorrow at least. */
export function ship(order: Order, shipped: Day, random: Chance, today: Day | null = null): Order {
  const [fastest, slowest] = order.customer.transitDays;
  const light = netGrams(order.lines) < 20_000;
  const carriers = order.customer.carriers.filter((carrier) => carrier !== 'USPS' || light);
  const carrier = random.pick(carriers);
  const digits = trackingDigits(carrier, random);
  const estimated = workdayAfter(addDays(shipped, random.between(fastest, slowest)));
  const journey = { shipped, takes: daysOnTheWay(shipped, estimated, today), to: order.customer };
  const shipment: Shipment = {
    carrier,
    tracking: trackingNumber(carrier, digits, journey),
    shipped,
    estimated,
    delivered: null,
    receivedBy: random.pick(order.customer.receivers),
  };
  return { ...order, status: 'shipped', expected: shipment.estimated, shipment };
}

/** What its carrier is to say of a parcel: that it arrives as expected, after `today`, or gets stuck. */
function daysOnTheWay(shipped: Day, estimated: Day, today: Day | null): number | 'stuck' {
  const expected = daysBetween(shipped, estimated);
  if (today === null) return expected;
  return isStuck(shipped, today) ? 'stuck' : Math.max(expected, daysBetween(shipped, today) + 1);
}

/** Brings a shipped order to its customer, on the day it was expected but never after `latest`. */
export function deliver(order: Order, latest: Day): Order {
  if (!order.shipment) throw new Error(`${order.number} was never shipped`);
  const delivered = earlier(order.shipment.estimated, latest);
  return { ...order, status: 'delivered', shipment: { ...order.shipment, delivered } };
}

/** One order as wished, placed on a workday. */
export function makeOrder(
  wish: Wish,
  numbers: { order: string; purchaseOrder: string },
  items: readonly Item[],
  today: Day,
  random: Chance,
): Order {
  const placed = workdayBefore(addDays(today, -wish.age));
  const chosen = random.sample(items, wish.lines ?? random.pick([1, 2, 2, 3, 3, 3, 4, 4, 5, 6]));
  const lines = chosen.map((item, place) => orderLine(item, place + 1, wish.customer, random));
  const open: Order = {
    number: numbers.order,
    customer: wish.customer,
    placed,
    status: wish.status,
    cancelled: wish.status === 'cancelled' ? addDays(today, -(wish.eventAge ?? 1)) : null,
    expected: workdayAfter(addDays(placed, random.between(9, 16))),
    purchaseOrder: numbers.purchaseOrder,
    lines,
    subtotal: 0,
    shipping: 0,
    tax: 0,
    total: 0,
    shipment: null,
  };
  const order = withLines(open, lines, freight(lines, wish.customer));
  if (wish.status === 'shipped') {
    return ship(order, workdayBefore(addDays(today, -(wish.eventAge ?? 2))), random, today);
  }
  if (wish.status !== 'delivered') return order;
  const shipped = workdayAfter(addDays(placed, random.between(2, 6)));
  return deliver(ship(order, shipped, random), addDays(today, -1));
}

/** A run of orders, oldest first, with rising order numbers and each customer's own order numbers. */
export function orderBook(
  wishes: readonly Wish[],
  supplier: { items: readonly Item[]; prefix: string; from: number },
  today: Day,
  random: Chance,
): Order[] {
  const placedBefore = new Map<string, number>();
  let number = supplier.from;
  return [...wishes]
    .sort((a, b) => b.age - a.age)
    .map((wish) => {
      const { code } = wish.customer;
      const nth = placedBefore.get(code) ?? 0;
      placedBefore.set(code, nth + 1);
      number += random.between(1, 7);
      const placed = workdayBefore(addDays(today, -wish.age));
      const numbers = {
        order: `${supplier.prefix}${number}`,
        purchaseOrder: wish.customer.purchaseOrder(nth, placed),
      };
      return makeOrder(wish, numbers, supplier.items, today, random);
    });
}
