import type { Paper, Supplier } from '../model.ts';
import { drawPackingSlip, drawProofOfDelivery } from './goods-papers.ts';
import { drawConfirmation, drawCreditNote, drawInvoice } from './money-papers.ts';

/** The PDF of one paper: the same bytes for the same paper. */
export async function drawPaper(supplier: Supplier, paper: Paper): Promise<Uint8Array> {
  const { kind, invoice, credit } = paper;
  if (kind === 'order_confirmation') return drawConfirmation(supplier, paper);
  if (kind === 'packing_slip') return drawPackingSlip(supplier, paper);
  if (kind === 'proof_of_delivery') return drawProofOfDelivery(supplier, paper);
  if (!invoice) throw new Error(`${paper.number} says no amounts`);
  if (kind === 'invoice') return drawInvoice(supplier, paper, invoice);
  if (!credit) throw new Error(`${paper.number} credits no invoice`);
  return drawCreditNote(supplier, paper, invoice, credit);
}
